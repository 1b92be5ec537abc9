"""The versions. Each stands by itself: none of them imports the tables of today."""
