"""How does a program sample itself without the package? By these modules, which the build joins to one file."""
