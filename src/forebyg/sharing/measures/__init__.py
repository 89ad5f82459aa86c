"""An authority's own decisions in a case, each judged by the law before it is recorded (R-092 to R-096)."""
