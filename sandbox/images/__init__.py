"""How each image is built: browser.py and programs.py say what is in it, build.py makes it."""
