"""The edges: parse, ask permission, call the verb."""
