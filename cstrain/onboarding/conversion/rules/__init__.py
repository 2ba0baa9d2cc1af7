"""Pure rules of conversion: outcomes and their dates, labour law, decisions, snapshots."""
