/**
 * Writes to the API server what is the same whoever asks for it: objects by server-side apply, annotations that wake
 * kubelets, generated passwords.
 */
package io.pptpoperator.operator.reconciler.writing;
