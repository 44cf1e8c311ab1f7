import type { Card } from "@kit/api";
import { api } from "@kit/client";
import { useQuery } from "@tanstack/react-query";

export const cardKey = (contact: string) => ["card", contact];

/** What the desk knows about the contact's subscriber. `anew`: somebody else had the contact meanwhile, read it again. */
export const useCard = (contact: string, anew = false) =>
  useQuery({
    queryKey: cardKey(contact),
    queryFn: () => api.get<Card>(`/contacts/${contact}/card`),
    gcTime: 30_000, // a day has hundreds of contacts
    ...(anew ? { refetchOnMount: "always" } : {}),
  });
