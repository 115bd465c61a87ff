package io.pptpoperator.dataplane.client;

import io.pptpoperator.protocol.control.ControlFrame;
import io.pptpoperator.protocol.ppp.FrameText;
import io.pptpoperator.protocol.ppp.link.LinkAction;
import java.util.Optional;

/** Describes what goes to and comes from a server, for people who look for a fault; never what proves a password. */
public final class Trace {

    private Trace() {}

    /** A control message from the server. */
    public static String received(ControlFrame frame) {
        return "< " + frame;
    }

    /** A PPP frame from the server. */
    public static String received(byte[] pppFrame) {
        return "< " + FrameText.of(pppFrame);
    }

    /** What is sent; empty for actions that send nothing. */
    public static Optional<String> sent(ClientAction action) {
        return switch (action) {
            case ClientAction.Control(var message) -> Optional.of("> " + message);
            case ClientAction.Link(LinkAction.Send(byte[] frame)) -> Optional.of("> " + FrameText.of(frame));
            default -> Optional.empty();
        };
    }
}
