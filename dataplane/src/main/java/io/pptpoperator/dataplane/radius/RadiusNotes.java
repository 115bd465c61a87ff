package io.pptpoperator.dataplane.radius;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;

/** What is worth a line of the log about what servers answer. */
public interface RadiusNotes {

    /**
     * Nobody could say whether a login is right.
     *
     * @param peer whose login
     * @param why as a sentence's end, which names the server
     */
    void undecided(Ipv4Address peer, String why);

    /** A reply had attributes that have no meaning here. */
    void ignored(RadiusServer server, List<String> names);

    /** Something of a reply cannot be used: a sentence. */
    void unusable(RadiusServer server, String sentence);
}
