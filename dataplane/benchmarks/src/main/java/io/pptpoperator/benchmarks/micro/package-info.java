/** Parts of the data plane by themselves, with JMH. */
package io.pptpoperator.benchmarks.micro;
