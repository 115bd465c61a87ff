/** What the operator exports to Prometheus. */
package io.pptpoperator.operator.metrics;
