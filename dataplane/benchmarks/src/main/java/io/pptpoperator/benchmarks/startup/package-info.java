/** Starting the server. */
package io.pptpoperator.benchmarks.startup;
