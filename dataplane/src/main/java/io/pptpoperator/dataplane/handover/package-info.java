/**
 * The hand-over of a server's sessions from one process to its successor: what is handed over as records, how they are
 * written, and the conversation of the two processes.
 */
package io.pptpoperator.dataplane.handover;
