"""One agency asks another what it knows: the request, its answer or refusal, and who is shown what waits."""
