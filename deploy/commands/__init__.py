"""What is done to an environment on AWS: deploy it, put the site there, try it, destroy it."""
