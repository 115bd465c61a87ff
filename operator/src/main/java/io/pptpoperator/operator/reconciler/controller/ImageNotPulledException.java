package io.pptpoperator.operator.reconciler.controller;

/** The image that a server's pods are to be replaced for cannot be had where they run. */
final class ImageNotPulledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ImageNotPulledException(String why) {
        super(why + "; until it can, the pods that run are not replaced");
    }
}
