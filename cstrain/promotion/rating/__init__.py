"""The quarterly rating of the tracks: up, stay or down by the figures, with reasons, contest and effect."""
