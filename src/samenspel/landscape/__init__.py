"""What is? The dated picture: tables, chronicle, landscape, checks, packages, recoding."""
