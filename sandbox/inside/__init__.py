"""What runs inside a program box, as its process 1; copied into the images as it stands here."""
