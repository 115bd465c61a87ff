/** What users get, tried as they use it: images, installation, examples, and real clients of a real cluster. */
package io.pptpoperator.e2e;
