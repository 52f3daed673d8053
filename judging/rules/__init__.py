"""Pure rules: plain values in, small frozen values out. No clock, file, socket or row."""
