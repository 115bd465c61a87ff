/** What tests with foreign clients show, as the table docs/conformance.md. */
package io.pptpoperator.dataplane.conformance;
