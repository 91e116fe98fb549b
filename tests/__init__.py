"""A package by its own file: a dependency installs one of the same name, which would be taken for this one."""
