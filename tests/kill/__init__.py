"""Is anything lost when processes are killed? Writers write, processes die by SIGKILL in turn, and at the end all is counted."""
