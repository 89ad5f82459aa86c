"""What can be done in a case: each action fetches and authorises, checks the rules, changes, and records."""
