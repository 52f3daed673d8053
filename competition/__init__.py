"""Who takes part in which skill, where and when."""
