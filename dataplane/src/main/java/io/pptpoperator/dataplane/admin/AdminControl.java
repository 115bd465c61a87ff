package io.pptpoperator.dataplane.admin;

import io.pptpoperator.dataplane.adminapi.LoginView;
import io.pptpoperator.dataplane.adminapi.RadiusView;
import io.pptpoperator.dataplane.adminapi.SendingView;
import io.pptpoperator.dataplane.adminapi.SessionView;
import io.pptpoperator.dataplane.config.ConfigDigests;
import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;

/**
 * What the administration port needs of the server. Called on the port's own threads, several at once; every method
 * answers without waiting.
 */
public interface AdminControl {

    /** What only a new process can put right, a sentence each; nothing while this one does its work. */
    List<String> defects();

    /** What keeps the server from taking new clients, a sentence each; nothing when it is ready. */
    List<String> readiness();

    /** Which files the server runs with. */
    ConfigDigests configDigests();

    /** All sessions now. */
    List<SessionView> sessions();

    /** Begins to end a session; false when there is none of this id. */
    boolean endSession(String id);

    /** Begins to end all sessions of a user, and says how many there are. */
    int endUser(String user);

    /** Begins the orderly end of the server: no new calls, then the rest is ended. Harmless when repeated. */
    void drain();

    /** How the logins of each user went lately. */
    List<LoginView> logins();

    /** How GRE leaves. */
    SendingView sending();

    /** What is known of RADIUS servers. */
    RadiusView radius();

    /** Starts or stops logging the decoded packets of one client address. */
    void setDebug(Ipv4Address peer, boolean on);
}
