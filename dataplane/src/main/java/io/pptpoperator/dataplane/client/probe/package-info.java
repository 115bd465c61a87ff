/**
 * Finds out how far a client gets with a server, and why not farther. {@code ProbeRun} tries and notes facts;
 * {@code Diagnosis} is a pure function from facts to a report.
 */
package io.pptpoperator.dataplane.client.probe;
