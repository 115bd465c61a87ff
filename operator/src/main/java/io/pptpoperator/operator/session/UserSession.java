package io.pptpoperator.operator.session;

import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.operator.ObjectKey;

/**
 * A session and where it is.
 *
 * @param server the PptpServer
 * @param pod the pod's name
 * @param session the session
 */
public record UserSession(ObjectKey server, String pod, SessionView session) {}
