/**
 * How log lines look and how they are written: one line an event on standard error, as text or JSON, through a queue that
 * nobody who logs waits for.
 */
package io.pptpoperator.dataplane.log;
