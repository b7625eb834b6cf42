"""The flows: each joins the pure core and the edges in one screen."""
