"""How each image is built: recipe.py says what is in it, build.py makes it."""
