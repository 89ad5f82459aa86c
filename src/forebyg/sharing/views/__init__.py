"""Pages of the law: provisions to sign, doubts, and an exchange to try."""
