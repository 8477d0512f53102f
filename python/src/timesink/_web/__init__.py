"""What have all web frameworks in common? Requests that ask for their own profile, and a folder for those of the others."""
