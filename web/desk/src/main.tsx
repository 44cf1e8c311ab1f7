import "@kit/tokens.css";
import "@kit/base.css";
import { SpeechProvider } from "@kit/i18n";
import { startAppearance } from "@kit/theme";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { catalogues } from "./i18n";
import { retryable } from "./session/retry";

startAppearance();

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: retryable, refetchOnWindowFocus: false } },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SpeechProvider catalogues={catalogues}>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </SpeechProvider>
    </StrictMode>,
  );
}
