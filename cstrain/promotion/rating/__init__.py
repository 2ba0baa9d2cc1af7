"""The quarterly rating of the tracks: up, stay or down, with the reasons."""
