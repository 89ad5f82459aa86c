"""What every room needs and none owns: errors, ids, references, CPR numbers. No domain words, no Django models."""
