/**
 * Resources from YAML files: read with line numbers, given the CRDs' defaults, checked against their schemas, and
 * written. Pure.
 */
package io.pptpoperator.operator.manifest;
