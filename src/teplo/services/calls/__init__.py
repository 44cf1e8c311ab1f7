"""What a telephone call does: menu, queue, offer, talk, grade. Joins the floor, storage and the voice channel."""
