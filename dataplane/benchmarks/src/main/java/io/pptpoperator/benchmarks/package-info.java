/** The benchmarks' command and the document that it writes. */
package io.pptpoperator.benchmarks;
