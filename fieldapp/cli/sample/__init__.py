"""Sample data that looks like the province: pure plans drawn from a fixed seed, stored by `filling`. Nobody is real."""
