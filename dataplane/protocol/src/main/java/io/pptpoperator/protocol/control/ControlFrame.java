package io.pptpoperator.protocol.control;

/** What one frame of the control connection's byte stream holds: a message, or something to be passed over. */
public sealed interface ControlFrame permits ControlMessage, SkippedMessage {}
