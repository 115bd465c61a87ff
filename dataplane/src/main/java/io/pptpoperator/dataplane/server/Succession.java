package io.pptpoperator.dataplane.server;

import io.pptpoperator.dataplane.config.ServerConfig;
import io.pptpoperator.dataplane.handover.HandOverMessage;
import io.pptpoperator.dataplane.handover.HandOverPlace;
import java.nio.file.Path;

/**
 * How a server comes after another one, and before the next.
 *
 * @param directory where servers and their successors find one another
 * @param takesOver whether it takes over the sessions of a server that runs
 */
public record Succession(Path directory, boolean takesOver) {

    /** Where servers and their successors find one another unless told otherwise. */
    static final String USUAL_DIRECTORY = "/run/pptp-operator";

    /** The place of this server. */
    HandOverPlace place(ServerConfig config) {
        return new HandOverPlace(directory, config.network().tun());
    }

    /** What a server and its successor must have in common. */
    static HandOverMessage.Shape shape(ServerConfig config) {
        return new HandOverMessage.Shape(config.network().tun(), config.network().localIP(), config.listen().address(),
                config.listen().port(), DatapathSettings.workers(config.datapath()),
                DatapathSettings.offload(config.datapath()).name());
    }
}
