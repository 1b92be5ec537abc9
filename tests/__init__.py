"""A package, so that no installed package of this name comes before it: one on the index ships its own tests so."""
