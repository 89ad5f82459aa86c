"""The legal gate in use: what the law says of an exchange, and how it is carried out."""
