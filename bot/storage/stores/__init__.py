"""One store per noun of the product, under the noun's own name."""
