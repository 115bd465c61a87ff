/** What one server exports to Prometheus: names, labels and descriptions, in one place. */
package io.pptpoperator.dataplane.admin.metrics;
