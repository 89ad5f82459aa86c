"""`make bench`: what a page costs beside a bare handler with the best SQL for the same content (docs/performance.md)."""
