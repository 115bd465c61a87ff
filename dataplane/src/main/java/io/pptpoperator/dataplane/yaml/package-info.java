/**
 * YAML in both directions, for every file and manifest of the project: text to nodes that know their lines, and trees of
 * maps, lists and scalars to text that any YAML reader takes the same way. Pure.
 */
package io.pptpoperator.dataplane.yaml;
