/** The {@code run} command: the same resources on one machine, without a cluster. */
package io.pptpoperator.operator.standalone;
