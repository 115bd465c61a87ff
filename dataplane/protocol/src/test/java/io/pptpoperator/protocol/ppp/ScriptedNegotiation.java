package io.pptpoperator.protocol.ppp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Wants option 1 with a value, accepts the peer's option 1 when it is 7, naks others, and rejects all other options.
 */
final class ScriptedNegotiation implements Negotiation {
    static final int TYPE = 1;
    static final int RIGHT = 7;

    int wanted = 100;
    boolean asking = true;
    boolean suggestsMissing;
    boolean failsWhenRejected;
    int restarts;
    String failure;
    List<ConfigureOption> peer = List.of();

    @Override
    public void restart() {
        restarts++;
    }

    @Override
    public List<ConfigureOption> request() {
        return asking ? List.of(ConfigureOption.ofShort(TYPE, wanted)) : List.of();
    }

    @Override
    public Opinion judge(ConfigureOption option) {
        if (option.type() != TYPE) {
            return Opinion.REJECT;
        }
        ConfigureOption right = ConfigureOption.ofShort(TYPE, RIGHT);
        return option.equals(right) ? Opinion.ACCEPT : new Opinion.Nak(right);
    }

    @Override
    public List<ConfigureOption> missing(List<ConfigureOption> requested) {
        return suggestsMissing && requested.isEmpty() ? List.of(ConfigureOption.ofShort(TYPE, RIGHT)) : List.of();
    }

    @Override
    public void accepted(List<ConfigureOption> options) {
        peer = new ArrayList<>(options);
    }

    @Override
    public void nakked(ConfigureOption suggestion) {
        wanted = suggestion.asShort();
    }

    @Override
    public void rejected(ConfigureOption option) {
        asking = false;
        if (failsWhenRejected) {
            failure = "cannot do without";
        }
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }
}
