"""Torch's models and optimizers as the library wants them."""
