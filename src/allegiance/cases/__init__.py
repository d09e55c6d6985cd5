"""Cases: folders of YAML that are loaded, checked, patched and compiled to arrays."""
